package dev.kerrera.liberty.probe;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The jobs table as anybody else sees it: by plain SQL. */
public final class Table {

    private final DataSource dataSource;

    public Table(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Inserts a job for the exercise worker the way another language would. */
    public long insert(String argsJson) throws SQLException {
        return Long.parseLong(value(
                "INSERT INTO public.oban_jobs (worker, args) VALUES ('demo.Exercise', cast(? AS jsonb)) RETURNING id",
                argsJson));
    }

    public String state(long id) throws SQLException {
        return value("SELECT state FROM public.oban_jobs WHERE id = cast(? AS bigint)", String.valueOf(id));
    }

    public String column(String column, long id) throws SQLException {
        return value("SELECT " + column + " FROM public.oban_jobs WHERE id = cast(? AS bigint)", String.valueOf(id));
    }

    /** The first column of the first row. */
    public String value(String sql, String... parameters) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
