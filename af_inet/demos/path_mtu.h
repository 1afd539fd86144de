#ifndef AF_INET_DEMOS_PATH_MTU_H
#define AF_INET_DEMOS_PATH_MTU_H

/* The largest packet that the path of a connected socket takes, in bytes; 0 where no call tells. */
int demo_path_mtu(int fd);

#endif
