package bench;

/** What starts and stops the running of jobs. */
interface Switch {

    void start() throws Exception;

    /** Returns when nothing runs any more. */
    void stop() throws Exception;
}
