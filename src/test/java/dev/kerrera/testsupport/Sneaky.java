package dev.kerrera.testsupport;

/** Throws where nothing may be thrown. */
public final class Sneaky {

    private Sneaky() {}

    /** Throws a new exception of any type, checked ones included. */
    @SuppressWarnings("unchecked") // the type is erased, which is the point
    public static <T extends Throwable> void sneak(Class<? extends Throwable> type) throws T {
        Throwable thrown;
        try {
            thrown = type.getConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
        throw (T) thrown;
    }
}
