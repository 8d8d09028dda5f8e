import java.sql.*;

class Users {
    ResultSet find(Statement statement, String name) throws SQLException {
        // ruleid: sql-text-built-java
        return statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
    }

    void remove(EntityManager manager, String name) {
        // ruleid: sql-text-built-java
        manager.createNativeQuery(String.format("DELETE FROM users WHERE name = '%s'", name)).executeUpdate();
    }

    ResultSet placeholder(Connection link, String name) throws SQLException {
        // ok: sql-text-built-java
        PreparedStatement statement = link.prepareStatement("SELECT * FROM users WHERE name = ?");
        statement.setString(1, name);
        return statement.executeQuery();
    }

    ResultSet elsewhere(Statement statement, String name) throws SQLException {
        String query = "SELECT * FROM users WHERE name LIKE '%" + name + "%'";
        // ruleid: sql-text-built-java
        return statement.executeQuery(query);
    }

    ResultSet table(Statement statement, String table) throws SQLException {
        // ok: sql-text-built-java
        return statement.executeQuery("SELECT count(*) FROM " + table);
    }
}
