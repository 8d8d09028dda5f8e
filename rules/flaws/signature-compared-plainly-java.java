import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;

class Hooks {
    boolean check(Mac mac, byte[] body, byte[] sent) {
        byte[] made = mac.doFinal(body);
        // ruleid: signature-compared-plainly-java
        return Arrays.equals(made, sent);
    }

    boolean checkText(Mac mac, byte[] body, String sent) {
        String made = Hex.encodeHexString(mac.doFinal(body));
        // ruleid: signature-compared-plainly-java
        return made.equals(sent);
    }

    boolean inConstantTime(Mac mac, byte[] body, byte[] sent) {
        // ok: signature-compared-plainly-java
        return MessageDigest.isEqual(mac.doFinal(body), sent);
    }

    boolean same(byte[] left, byte[] right) {
        // ok: signature-compared-plainly-java
        return Arrays.equals(left, right);
    }
}
