package dev.kerrera.liberty.probe;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Where jobs wait until the test has done what it wants to do meanwhile; no interrupt gets them away. */
public final class LedgerGate {

    private static final Semaphore ARRIVED = new Semaphore(0);
    private static final Semaphore OPEN = new Semaphore(0);

    private LedgerGate() {}

    static void pass() {
        ARRIVED.release();
        OPEN.acquireUninterruptibly();
    }

    public static boolean awaitArrival() throws InterruptedException {
        return ARRIVED.tryAcquire(20, TimeUnit.SECONDS);
    }

    public static void open() {
        OPEN.release();
    }
}
