import java.sql.*;
import javax.servlet.http.HttpServletRequest;

class Pages {
    ResultSet find(Statement statement, HttpServletRequest request) throws SQLException {
        String sql = "SELECT * FROM pages WHERE title = '" + request.getParameter("title") + "'";
        // ruleid: sql-from-request-java
        return statement.executeQuery(sql);
    }

    @GetMapping("/pages")
    List<Page> ordered(@RequestParam(defaultValue = "id") String order) {
        // ruleid: sql-from-request-java
        return jdbcTemplate.query("SELECT * FROM pages ORDER BY " + order, mapper);
    }

    ResultSet placeholder(Connection link, HttpServletRequest request) throws SQLException {
        // ok: sql-from-request-java
        PreparedStatement statement = link.prepareStatement("SELECT * FROM pages WHERE title = ?");
        statement.setString(1, request.getParameter("title"));
        // ok: sql-from-request-java
        return statement.executeQuery();
    }

    @GetMapping("/page")
    Page one(@RequestParam long id) {
        // ok: sql-from-request-java
        return jdbcTemplate.queryForObject("SELECT * FROM pages WHERE id = " + id, mapper);
    }

    @GetMapping("/listed")
    List<Page> listed(@RequestParam String order) {
        if (!COLUMNS.contains(order)) {
            throw new IllegalArgumentException(order);
        }
        // ok: sql-from-request-java
        return jdbcTemplate.query("SELECT * FROM pages ORDER BY " + order, mapper);
    }
}
