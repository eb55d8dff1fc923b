package dev.kerrera.job;

import org.hibernate.dialect.type.PostgreSQLEnumJdbcType;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.JdbcLiteralFormatter;

/**
 * Binds a state the way Hibernate binds any PostgreSQL enum, but writes a literal without a cast: Hibernate's own would
 * cast to a type named after the Java class, and the type's real name is only known together with its schema.
 */
public final class JobStateJdbcType extends PostgreSQLEnumJdbcType {

    @Override
    public <T> JdbcLiteralFormatter<T> getJdbcLiteralFormatter(JavaType<T> javaType) {
        return (appender, value, dialect, options) ->
                appender.appendSql("'" + (value instanceof JobState state ? state.label() : value) + "'");
    }
}
