package dev.kerrera.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.postgresql.ds.PGSimpleDataSource;

/** Hands out one connection, the caller's own, that users cannot close: as a container does that shares it. */
public final class CallersConnection extends PGSimpleDataSource {

    private static final long serialVersionUID = 1L;

    private final transient Connection shared;

    public CallersConnection(Connection real) {
        this.shared = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    try {
                        return method.getName().equals("close") ? null : method.invoke(real, args);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Override
    public Connection getConnection() {
        return shared;
    }
}
