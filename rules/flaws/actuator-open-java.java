class Security {
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests
                // ruleid: actuator-open-java
                .requestMatchers("/actuator/**").permitAll()
                .anyRequest().authenticated()).build();
    }

    void openAll(Registry requests) {
        // ruleid: actuator-open-java
        requests.requestMatchers(EndpointRequest.toAnyEndpoint()).permitAll();
    }

    void health(Registry requests) {
        // ok: actuator-open-java
        requests.requestMatchers("/actuator/health").permitAll();
    }

    void guarded(Registry requests) {
        // ok: actuator-open-java
        requests.requestMatchers("/actuator/**").hasRole("OPS");
    }
}
