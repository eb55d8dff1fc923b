package dev.kerrera.admin;

/** How what is told of an instance is called in health checks. */
final class Keys {

    private Keys() {}

    /** The name itself for the main instance, {@code <instance>.<name>} for another. */
    static String of(String instance, String name) {
        return instance.isEmpty() ? name : instance + "." + name;
    }
}
