import java.io.*;
import javax.servlet.http.*;

class Hello {
    void hello(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ruleid: html-from-request-java
        response.getWriter().println("<h1>Hello " + request.getParameter("name") + "</h1>");
    }

    void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        String name = request.getParameter("name");
        // ruleid: html-from-request-java
        out.write("<p>No page " + name + "</p>");
    }

    void escaped(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ok: html-from-request-java
        response.getWriter().println("<h1>Hello " + HtmlUtils.htmlEscape(request.getParameter("name")) + "</h1>");
    }

    void plain(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ok: html-from-request-java
        response.getWriter().println(request.getParameter("name"));
    }
}
