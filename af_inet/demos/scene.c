#include "af_inet/demos/scene.h"

bool demo_inet_here(struct narrator *narrator)
{
	const struct sockaddr_in loopback = demo_loopback();
	return demo_here(narrator, "127.0.0.1", &loopback, sizeof(loopback));
}
