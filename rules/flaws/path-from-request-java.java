import java.io.*;
import java.nio.file.*;
import javax.servlet.http.HttpServletRequest;

class Downloads {
    InputStream open(HttpServletRequest request) throws IOException {
        // ruleid: path-from-request-java
        return new FileInputStream("/srv/files/" + request.getParameter("name"));
    }

    @GetMapping("/files")
    byte[] read(@RequestParam String name) throws IOException {
        Path path = Paths.get("/srv/files", name);
        // ruleid: path-from-request-java
        return Files.readAllBytes(path);
    }

    @GetMapping("/last")
    byte[] lastPart(@RequestParam String name) throws IOException {
        // ok: path-from-request-java
        return Files.readAllBytes(Paths.get("/srv/files", FilenameUtils.getName(name)));
    }

    @GetMapping("/inside")
    byte[] inside(@RequestParam String name) throws IOException {
        Path path = ROOT.resolve(name).normalize();
        if (!path.startsWith(ROOT)) {
            throw new IllegalArgumentException(name);
        }
        // ok: path-from-request-java
        return Files.readAllBytes(path);
    }

    byte[] constant() throws IOException {
        // ok: path-from-request-java
        return Files.readAllBytes(Paths.get("/srv/files/index.html"));
    }
}
