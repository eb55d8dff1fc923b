package dev.kerrera.task;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Where jitter comes from outside of tests. */
public final class Randomness {

    /** Each thread's own generator, asked for anew each time, so that any thread may use this one. */
    public static final RandomGenerator PER_THREAD =
            () -> ThreadLocalRandom.current().nextLong();

    private Randomness() {}
}
