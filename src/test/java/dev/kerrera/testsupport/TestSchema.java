package dev.kerrera.testsupport;

import javax.sql.DataSource;

/**
 * A migrated schema that belongs to one test.
 *
 * <p>Sessions of the data source are unfriendly on purpose: their {@code search_path} is empty, so that SQL which forgot
 * the prefix fails, and their time zone is {@code America/Los_Angeles}, so that SQL which forgot UTC shows.
 *
 * @param name the schema, to be passed on as the prefix; needs no quoting
 */
public record TestSchema(DataSource dataSource, String name) {}
