import java.security.SecureRandom;
import javax.crypto.spec.*;

class Seal {
    IvParameterSpec zeros() {
        // ruleid: fixed-iv-java
        return new IvParameterSpec(new byte[16]);
    }

    GCMParameterSpec constant() {
        // ruleid: fixed-iv-java
        return new GCMParameterSpec(128, "0123456789ab".getBytes());
    }

    IvParameterSpec fresh() {
        byte[] iv = new byte[16];
        new SecureRandom().nextBytes(iv);
        // ok: fixed-iv-java
        return new IvParameterSpec(iv);
    }

    GCMParameterSpec given(byte[] nonce) {
        // ok: fixed-iv-java
        return new GCMParameterSpec(128, nonce);
    }
}
