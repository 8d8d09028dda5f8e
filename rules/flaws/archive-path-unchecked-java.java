import java.io.*;
import java.nio.file.*;
import java.util.zip.*;

class Unpack {
    void unzip(ZipInputStream in, File folder) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            File target = new File(folder, entry.getName());
            // ruleid: archive-path-unchecked-java
            fill(new FileOutputStream(target), in);
        }
    }

    void keep(MultipartFile upload) throws IOException {
        // ruleid: archive-path-unchecked-java
        upload.transferTo(new File("/srv/uploads/" + upload.getOriginalFilename()));
    }

    void inside(ZipInputStream in, Path folder) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            Path target = folder.resolve(entry.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException(entry.getName());
            }
            // ok: archive-path-unchecked-java
            Files.copy(in, target);
        }
    }

    void lastPart(MultipartFile upload) throws IOException {
        // ok: archive-path-unchecked-java
        upload.transferTo(new File("/srv/uploads/" + FilenameUtils.getName(upload.getOriginalFilename())));
    }
}
