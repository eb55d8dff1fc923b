package dev.kerrera.testsupport;

import demo.DemoApplication;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The demonstration as a user's application: its classes in the WAR, Kerrera as a library. */
public final class DemoArchive {
    private DemoArchive() {}

    /** The demonstration and these classes, without the embedded database. */
    public static WebArchive with(Class<?>... classes) {
        return TestArchives.war(classes)
                .addPackages(true, Filters.exclude(".*/EmbeddedDatabase.*"), DemoApplication.class.getPackage())
                .addAsLibraries(TestArchives.jarOf(Awaitility.class), TestArchives.jarOf(Matcher.class))
                .addAsResource("demo/persistence.xml", "META-INF/persistence.xml")
                .addAsResource("demo/microprofile-config.properties", "META-INF/microprofile-config.properties");
    }
}
