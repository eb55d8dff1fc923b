package dev.kerrera.notifier;

/** Starts and stops the listeners in place of the server. */
public final class ListeningSwitch {

    private ListeningSwitch() {}

    public static void on(Listeners listeners) {
        listeners.start();
    }

    public static void off(Listeners listeners) {
        listeners.stop();
    }
}
