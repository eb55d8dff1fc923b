/**
 * Measures Kerrera in a real server, by the front door that applications use.
 *
 * <p>One request runs one workload inside the server and answers with a line of JSON for each result; {@code bench/run} sends them.
 */
@NullMarked
package bench;

import org.jspecify.annotations.NullMarked;
