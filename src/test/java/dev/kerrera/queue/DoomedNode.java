package dev.kerrera.queue;

import dev.kerrera.testsupport.Schemas;
import dev.kerrera.testsupport.TestSchema;

/** A node in a JVM of its own, which runs jobs until it is killed. */
final class DoomedNode {

    private DoomedNode() {}

    /** Called with the name of the schema; the environment names the server. */
    public static void main(String[] arguments) throws Exception {
        TestSchema schema = Schemas.known(arguments[0]);
        TestNode node = new TestNode(schema, "default", 1);
        node.node = "doomed";
        node.start();
        node.wake();
        node.told.awaitParked(1);
        Thread.currentThread().join();
    }
}
