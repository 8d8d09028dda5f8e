import javax.naming.directory.*;
import javax.servlet.http.HttpServletRequest;
import javax.xml.xpath.*;

class People {
    Object find(DirContext ldap, HttpServletRequest request) throws Exception {
        // ruleid: ldap-filter-from-request-java
        return ldap.search("ou=people", "(uid=" + request.getParameter("user") + ")", new SearchControls());
    }

    Object login(XPath xpath, HttpServletRequest request, Object document) throws Exception {
        String path = "//user[name='" + request.getParameter("name") + "']";
        // ruleid: ldap-filter-from-request-java
        return xpath.evaluate(path, document);
    }

    Object arguments(DirContext ldap, HttpServletRequest request) throws Exception {
        // ok: ldap-filter-from-request-java
        return ldap.search("ou=people", "(uid={0})", new Object[] {request.getParameter("user")}, null);
    }

    Object encoded(DirContext ldap, HttpServletRequest request) throws Exception {
        String name = LdapEncoder.filterEncode(request.getParameter("user"));
        // ok: ldap-filter-from-request-java
        return ldap.search("ou=people", "(uid=" + name + ")", new SearchControls());
    }
}
