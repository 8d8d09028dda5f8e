import java.io.*;
import java.net.*;
import javax.servlet.http.HttpServletRequest;

class Proxy {
    InputStream open(HttpServletRequest request) throws IOException {
        // ruleid: fetch-from-request-java
        return new URL(request.getParameter("url")).openStream();
    }

    @GetMapping("/preview")
    String preview(@RequestParam String url) {
        // ruleid: fetch-from-request-java
        return restTemplate.getForObject(url, String.class);
    }

    @GetMapping("/user")
    String fixed(@RequestParam String id) {
        // ok: fetch-from-request-java
        return restTemplate.getForObject("https://api.example/users/" + id, String.class);
    }

    @GetMapping("/listed")
    String listed(@RequestParam String url) {
        if (!isAllowedHost(url)) {
            throw new IllegalArgumentException(url);
        }
        // ok: fetch-from-request-java
        return restTemplate.getForObject(url, String.class);
    }
}
