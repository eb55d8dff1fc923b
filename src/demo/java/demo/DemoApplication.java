package demo;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Puts the example's resources under {@code /demo}. */
@ApplicationPath("/demo")
public class DemoApplication extends Application {}
