package dev.kerrera.testsupport;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The jobs of a schema by plain SQL, past everything that is being tested. */
public final class RawJobs {

    private final TestSchema schema;

    public RawJobs(TestSchema schema) {
        this.schema = schema;
    }

    /** Inserts one job, given as {@code (worker, priority) VALUES ('A', 3)}, and returns its id. */
    public long add(String columnsAndValues) {
        return Long.parseLong(query("INSERT INTO ${schema}.oban_jobs " + columnsAndValues + " RETURNING id")
                .get(0));
    }

    /** Changes one job, given as {@code state = 'available', attempt = 2}. */
    public void change(long id, String columns) {
        run("UPDATE ${schema}.oban_jobs SET " + columns + " WHERE id = " + id);
    }

    /** All columns of one job as PostgreSQL prints them. */
    public Map<String, String> row(long id) {
        Map<String, String> columns = new LinkedHashMap<>();
        read("SELECT * FROM ${schema}.oban_jobs WHERE id = " + id, row -> {
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.put(row.getMetaData().getColumnName(i), row.getString(i));
            }
        });
        return columns;
    }

    /** The row with some columns changed, given as name, value, name, value. */
    public static Map<String, String> changed(Map<String, String> row, String... columns) {
        Map<String, String> changed = new LinkedHashMap<>(row);
        for (int i = 0; i < columns.length; i += 2) {
            changed.put(columns[i], columns[i + 1]);
        }
        return changed;
    }

    public String state(long id) {
        return row(id).get("state");
    }

    /** How many jobs there are of a condition. */
    public long count(String condition) {
        return Long.parseLong(query("SELECT count(*) FROM ${schema}.oban_jobs WHERE " + condition)
                .get(0));
    }

    /** The first column of every row. */
    public List<String> query(String sql) {
        List<String> values = new ArrayList<>();
        read(sql, row -> values.add(row.getString(1)));
        return values;
    }

    public void run(String sql) {
        try (Connection connection = schema.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(inSchema(sql));
        } catch (SQLException failure) {
            throw new AssertionError(sql, failure);
        }
    }

    private void read(String sql, Reader reader) {
        try (Connection connection = schema.dataSource().getConnection();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(inSchema(sql))) {
            while (row.next()) {
                reader.read(row);
            }
        } catch (SQLException failure) {
            throw new AssertionError(sql, failure);
        }
    }

    private String inSchema(String sql) {
        return sql.replace("${schema}", schema.name());
    }

    @FunctionalInterface
    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }
}
