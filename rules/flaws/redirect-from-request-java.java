import java.io.IOException;
import javax.servlet.http.*;

class Login {
    void after(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ruleid: redirect-from-request-java
        response.sendRedirect(request.getParameter("next"));
    }

    @GetMapping("/back")
    String back(@RequestParam String to) {
        // ruleid: redirect-from-request-java
        return "redirect:" + to;
    }

    @GetMapping("/orders")
    String own(@RequestParam String id) {
        // ok: redirect-from-request-java
        return "redirect:/orders/" + id;
    }

    void checked(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String to = request.getParameter("next");
        if (!isLocalPath(to)) {
            to = "/";
        }
        // ok: redirect-from-request-java
        response.sendRedirect(to);
    }
}
