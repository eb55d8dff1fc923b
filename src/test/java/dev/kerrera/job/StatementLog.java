package dev.kerrera.job;

import java.util.concurrent.atomic.AtomicReference;
import org.hibernate.resource.jdbc.spi.StatementInspector;

/** Remembers the last SQL that Hibernate sent. */
final class StatementLog implements StatementInspector {
    private final AtomicReference<String> last = new AtomicReference<>("");

    @Override
    public String inspect(String sql) {
        last.set(sql);
        return sql;
    }

    String last() {
        return last.get();
    }
}
