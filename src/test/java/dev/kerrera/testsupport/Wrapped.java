package dev.kerrera.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Puts a layer around JDBC objects. */
final class Wrapped {

    private Wrapped() {}

    /** Does something with a call before, instead of or after it is made. */
    @FunctionalInterface
    interface Layer {
        Object call(Method method, Object[] arguments, Real real) throws Throwable;
    }

    /** Makes the call on the object inside. */
    @FunctionalInterface
    interface Real {
        Object call() throws Throwable;
    }

    /** Opens connections. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    static <T> T around(T inside, Class<T> type, Layer layer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> layer.call(method, arguments, () -> {
                    try {
                        return method.invoke(inside, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                })));
    }

    static DataSource dataSource(DataSource inside, Opening opening) {
        return around(
                inside,
                DataSource.class,
                (method, arguments, real) -> method.getName().equals("getConnection") ? opening.open() : real.call());
    }
}
