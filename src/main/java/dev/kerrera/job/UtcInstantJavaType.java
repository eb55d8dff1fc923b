package dev.kerrera.job;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.InstantJavaType;
import org.jspecify.annotations.Nullable;

/**
 * A moment as the wall clock of UTC, which is what the table's timestamps without time zone hold. Not an
 * {@code AttributeConverter}, because those are asked of CDI, which is not up yet when a server builds its persistence units.
 */
public final class UtcInstantJavaType extends InstantJavaType {

    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("unchecked") // the branch is taken for that very type
    public <X> @Nullable X unwrap(@Nullable Instant instant, Class<X> type, WrapperOptions options) {
        if (instant != null && type == LocalDateTime.class) {
            return (X) LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        }
        return super.unwrap(instant, type, options);
    }

    @Override
    public <X> @Nullable Instant wrap(@Nullable X value, WrapperOptions options) {
        return value instanceof LocalDateTime utc ? utc.toInstant(ZoneOffset.UTC) : super.wrap(value, options);
    }
}
