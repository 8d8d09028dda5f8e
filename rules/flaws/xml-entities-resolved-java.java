import java.io.*;
import javax.xml.parsers.*;
import org.w3c.dom.Document;

class Feed {
    Document read(InputStream in) throws Exception {
        // ruleid: xml-entities-resolved-java
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        return builder.parse(in);
    }

    void stream(InputStream in) throws Exception {
        // ruleid: xml-entities-resolved-java
        SAXParserFactory.newInstance().newSAXParser().parse(in, handler);
    }

    Document shut(InputStream in) throws Exception {
        // ok: xml-entities-resolved-java
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(in);
    }

    void shutAtTheReader(InputStream in) throws Exception {
        // ok: xml-entities-resolved-java
        SAXParserFactory factory = SAXParserFactory.newInstance();
        XMLReader reader = factory.newSAXParser().getXMLReader();
        reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        reader.parse(new InputSource(in));
    }

    Document shutByHelper(InputStream in) throws Exception {
        // ok: xml-entities-resolved-java
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        harden(factory);
        return factory.newDocumentBuilder().parse(in);
    }
}
