import java.security.MessageDigest;
import javax.crypto.spec.PBEKeySpec;

class Accounts {
    byte[] store(String password) throws Exception {
        // ruleid: password-hashed-fast-java
        return MessageDigest.getInstance("SHA-256").digest(password.getBytes("UTF-8"));
    }

    PasswordEncoder none() {
        // ruleid: password-hashed-fast-java
        return NoOpPasswordEncoder.getInstance();
    }

    PBEKeySpec few(char[] password, byte[] salt) {
        // ruleid: password-hashed-fast-java
        return new PBEKeySpec(password, salt, 1000, 256);
    }

    PasswordEncoder slow() {
        // ok: password-hashed-fast-java
        return new BCryptPasswordEncoder();
    }

    byte[] checksum(byte[] data) throws Exception {
        // ok: password-hashed-fast-java
        return MessageDigest.getInstance("SHA-256").digest(data);
    }
}
