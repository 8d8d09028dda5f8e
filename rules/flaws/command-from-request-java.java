import java.io.IOException;
import javax.servlet.http.HttpServletRequest;

class Convert {
    void convert(HttpServletRequest request) throws IOException {
        String name = request.getParameter("name");
        // ruleid: command-from-request-java
        Runtime.getRuntime().exec("convert " + name + " out.png");
    }

    @PostMapping("/run")
    void run(@RequestBody String line) throws IOException {
        // ruleid: command-from-request-java
        new ProcessBuilder("sh", "-c", line).start();
    }

    void argument(HttpServletRequest request) throws IOException {
        // ok: command-from-request-java
        new ProcessBuilder("convert", "--", request.getParameter("name")).start();
    }

    void listed(HttpServletRequest request) throws IOException {
        String tool = request.getParameter("tool");
        if (!TOOLS.contains(tool)) {
            return;
        }
        // ok: command-from-request-java
        Runtime.getRuntime().exec(tool);
    }
}
