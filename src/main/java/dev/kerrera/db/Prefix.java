package dev.kerrera.db;

/**
 * The schema that holds the tables, Oban's <em>prefix</em>.
 *
 * @param name name of the schema as PostgreSQL stores it, without quotes
 */
public record Prefix(String name) {

    /** The schema as it stands in SQL. */
    public String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Puts the schema where a statement says {@code $schema}. */
    public String in(String sql) {
        return sql.replace("$schema", quoted());
    }
}
