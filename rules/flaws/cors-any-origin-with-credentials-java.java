import java.util.List;

class Cors {
    void open(CorsConfiguration config) {
        // ruleid: cors-any-origin-with-credentials-java
        config.setAllowedOriginPatterns(List.of("*"));
        config.setAllowedMethods(List.of("GET"));
        config.setAllowCredentials(true);
    }

    void openForAll(CorsRegistry registry) {
        // ruleid: cors-any-origin-with-credentials-java
        registry.addMapping("/**").allowedOriginPatterns("*").allowCredentials(true);
    }

    void echo(HttpServletRequest request, HttpServletResponse response) {
        // ruleid: cors-any-origin-with-credentials-java
        response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
    }

    void listed(CorsConfiguration config) {
        // ok: cors-any-origin-with-credentials-java
        config.setAllowedOrigins(List.of("https://app.example"));
        config.setAllowCredentials(true);
    }

    void withoutCredentials(CorsRegistry registry) {
        // ok: cors-any-origin-with-credentials-java
        registry.addMapping("/**").allowedOriginPatterns("*");
    }
}
