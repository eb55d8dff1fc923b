package dev.kerrera.admin;

/**
 * How what is told of an instance is called in health checks. A named instance is told, and the main one alone decides: a database that
 * the application needs for something else must not take all of it out of service.
 */
final class Keys {

    private Keys() {}

    /** The name itself for the main instance, {@code <instance>.<name>} for another. */
    static String of(String instance, String name) {
        return isMain(instance) ? name : instance + "." + name;
    }

    static boolean isMain(String instance) {
        return instance.isEmpty();
    }
}
