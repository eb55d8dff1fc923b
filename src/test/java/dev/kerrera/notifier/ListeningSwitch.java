package dev.kerrera.notifier;

/** Starts and stops the listener in place of the server. */
public final class ListeningSwitch {

    private ListeningSwitch() {}

    public static void on(Listening listening) {
        listening.start();
    }

    public static void off(Listening listening) {
        listening.stop();
    }
}
