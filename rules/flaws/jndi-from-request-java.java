import javax.naming.*;
import javax.servlet.http.HttpServletRequest;

class Sources {
    Object look(HttpServletRequest request) throws NamingException {
        // ruleid: jndi-from-request-java
        return new InitialContext().lookup(request.getParameter("name"));
    }

    @GetMapping("/make")
    Object make(@RequestParam String type) throws Exception {
        // ruleid: jndi-from-request-java
        return Class.forName(type).getDeclaredConstructor().newInstance();
    }

    Object constant() throws NamingException {
        // ok: jndi-from-request-java
        return new InitialContext().lookup("java:comp/env/jdbc/main");
    }

    @GetMapping("/listed")
    Object listed(@RequestParam String type) throws Exception {
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException(type);
        }
        // ok: jndi-from-request-java
        return Class.forName(type).getDeclaredConstructor().newInstance();
    }
}
