import java.security.SecureRandom;
import java.util.Random;

class Tokens {
    String newToken() {
        // ruleid: random-token-java
        Random random = new Random();
        // ruleid: random-token-java
        return Long.toHexString(random.nextLong());
    }

    String newResetCode() {
        // ruleid: random-token-java
        return String.valueOf((int) (Math.random() * 1000000));
    }

    String safeToken() {
        // ok: random-token-java
        SecureRandom random = new SecureRandom();
        return Long.toHexString(random.nextLong());
    }

    int delay() {
        // ok: random-token-java
        return new Random().nextInt(500);
    }
}
