package bench;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Puts the workloads under {@code /bench}. */
@ApplicationPath("/bench")
public class BenchApplication extends Application {}
