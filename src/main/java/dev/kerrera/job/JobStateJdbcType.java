package dev.kerrera.job;

import org.hibernate.boot.model.relational.Database;
import org.hibernate.dialect.type.PostgreSQLEnumJdbcType;
import org.hibernate.engine.jdbc.Size;
import org.hibernate.type.descriptor.converter.spi.BasicValueConverter;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.JdbcLiteralFormatter;
import org.hibernate.type.descriptor.jdbc.JdbcTypeIndicators;
import org.jspecify.annotations.Nullable;

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

    /** Nothing: the type comes from the migrations, and a unit that updates its schema must not add one of its own. */
    @Override
    public void addAuxiliaryDatabaseObjects(
            JavaType<?> javaType,
            @Nullable BasicValueConverter<?, ?> valueConverter,
            Size columnSize,
            Database database,
            JdbcTypeIndicators context) {}
}
