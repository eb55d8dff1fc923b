package dev.kerrera.testsupport;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Applications as users build them: their classes in the WAR, Kerrera and what it needs in WEB-INF/lib. */
public final class TestArchives {
    private TestArchives() {}

    /** A WAR of these classes which holds Kerrera's classes jar, its libraries and AssertJ. */
    public static WebArchive war(Class<?>... classes) {
        return ShrinkWrap.create(WebArchive.class, "test.war")
                .addAsLibraries(libraries())
                .addAsLibrary(file("kerrera.classes"), "kerrera.jar")
                .addAsLibrary(jarOf(Assertions.class))
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
                .addClasses(classes);
    }

    private static File[] libraries() {
        File[] jars = new File(file("kerrera.war"), "WEB-INF/lib").listFiles();
        return jars == null ? new File[0] : jars;
    }

    static File jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toFile();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static File file(String property) {
        return new File(System.getProperty(property));
    }
}
