#include "system/file_events.hpp"

#include <sys/vfs.h>

namespace runner {

bool has_file_events(const std::filesystem::path& folder) {
  struct statfs facts {};
  if (statfs(folder.c_str(), &facts) != 0) return true;
  // 9p and drvfs (Windows drives in WSL), NFS, SMB, CIFS, FUSE (sshfs), VirtualBox: changes made elsewhere are not
  // seen.
  for (const auto kind : {0x01021997UL, 0x6969UL, 0x517BUL, 0xFE534D42UL, 0xFF534D42UL, 0x65735546UL, 0x786F4256UL}) {
    if ((static_cast<unsigned long>(facts.f_type) & 0xFFFFFFFFUL) == kind) return false;
  }
  return true;
}

}  // namespace runner
