import java.security.cert.X509Certificate;
import javax.net.ssl.*;

class Loose implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String type) {
    }

    // ruleid: trusts-every-certificate-java
    public void checkServerTrusted(X509Certificate[] chain, String type) {
    }

    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}

class AnyName implements HostnameVerifier {
    // ruleid: trusts-every-certificate-java
    public boolean verify(String host, SSLSession session) {
        return true;
    }
}

class Pinned implements X509TrustManager {
    // ok: trusts-every-certificate-java
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        usual.checkServerTrusted(chain, type);
    }
}

class OneName implements HostnameVerifier {
    // ok: trusts-every-certificate-java
    public boolean verify(String host, SSLSession session) {
        return host.equals("db.example");
    }
}
