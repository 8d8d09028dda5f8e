import javax.servlet.http.*;

class Login {
    void login(HttpServletResponse response, String id) {
        // ruleid: session-cookie-open-java
        Cookie cookie = new Cookie("session", id);
        cookie.setPath("/");
        response.addCookie(cookie);
    }

    void issue(HttpServletResponse response, String token) {
        // ruleid: session-cookie-open-java
        response.addCookie(new Cookie("auth_token", token));
    }

    void safe(HttpServletResponse response, String id) {
        // ok: session-cookie-open-java
        Cookie cookie = new Cookie("session", id);
        cookie.setHttpOnly(true);
        cookie.setSecure(true);
        response.addCookie(cookie);
    }

    void theme(HttpServletResponse response) {
        // ok: session-cookie-open-java
        response.addCookie(new Cookie("theme", "dark"));
    }
}
