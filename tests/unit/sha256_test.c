#include "base/sha256.h"

#include "check.h"
#include "data.h"

#include <string.h>

enum { LONGEST = 4097 };

/* Byte i of a message or a key is 7 i + its length. The digests are those of Python's hashlib. */
static const struct {
	size_t length;
	const char *digest;
} digests[] = {
	{ 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ 1, "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a" },
	{ 3, "6ab0dba1f4f1dfbb37b4f9eeb092c09fca4900ad32bdcd147d8dde35d6c87c35" },
	{ 54, "1ad616be707a2b269ecfe28bdea4a4284a4f78a221287d45b98004231f501c77" },
	{ 55, "81afe5b788dc2ce138ff83d9b20164db75a94d75d2b2432eea4a0ef605088c72" },
	{ 56, "2aba54f0ac632420a2b502431408866e40e1d5e430df4cd822642c78ab2eb9c1" },
	{ 57, "903284efbf9100e8ba1614ec65eacacad125e03f857cae7acbf8b73b23e0fdfe" },
	{ 63, "733d3d4ee79ee67145bf73da13588f6f235d37414fc64b14a2f00f1762792f5e" },
	{ 64, "79322907b3e9d013d7dc2c2f256674dbf733045cde01df3539271c6f5605feb8" },
	{ 65, "d85c007c6eb440f085afa2b84f6f2bce4658b240e9f62cb1364bf0485a57e720" },
	{ 119, "6c87eedf096b345de205b702e5223b73b447a3207791ded3ea007ba15ed6736e" },
	{ 120, "42500cf6a1e3936d6b9e0bcfe296d654b63255e525487d3634d0b15fde591c4d" },
	{ 127, "68f6ff710276900c0ffbbc57426f67e00c2e01f0750c7edc25ac06b8ce7a8095" },
	{ 128, "489d55fea9a73af36b6dd0be7b4117d8e5683386d39544e8a44c99a87f368707" },
	{ 129, "4e1556b2e9a50a3cc9478f3254727b01065f9ac5d2c3a8b4cd538ae7240bb87d" },
	{ 1000, "6b0df76627243d095b0c4400cb658b7e804dd03461cc03aee8fc8fe0bcada168" },
	{ 4097, "4ef3d8e05f2e1e9b2da79d218f7a74e538198d77bbb81c6c8c4464b4d4db2f4b" },
};

static const struct {
	size_t key, length;
	const char *tag;
} tags[] = {
	{ 0, 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
	{ 0, 93, "47b612b7600b1694298b4b86837f945e702cc4c549e73db362e095396f774794" },
	{ 1, 0, "2f8738164025afdddbc18665c6e8f37de9498db7fd194873c61ee30c22192a9a" },
	{ 16, 93, "497ef302e954682737f8cc65e2afc9f2ea4b5027e2d555bfc3f320b8e21381ad" },
	{ 31, 93, "4d2ef85b144a77da52932b9cd4e38495a257f9c7ed446b5219834819a3d8270c" },
	{ 32, 0, "6854c9c573134893aca0de50257ad4f7d5ee6ee31c051d839721c4bc5166c8b3" },
	{ 32, 55, "38dcc9628ce562629b7b9790bb98ee0a6bfb03ba101117a206cfbbcaec8c7881" },
	{ 32, 56, "f3a45fd9446baaf4772f23af7fda49d7f2614e81f37c54659e982e9dbed1993a" },
	{ 32, 93, "21518f49a9c009ab02efa898b8e0a10e5505f950455b6f59b5cf7c1922c4ab95" },
	{ 32, 154, "bebe085e0b96b3cf97dce97e719bea70ed66818befe00b01cb785fe592c63520" },
	{ 33, 93, "406bbc7f65d91c83818fb8f0da394a77101e740b1c2a0a862a0428e7368f7633" },
	{ 63, 93, "c71e5ec8bb19f1b46836786686d2b284fd3c15f371b4f60e9923e791f12b9c23" },
	{ 64, 0, "16121942c3028158061ee6c75edcb1391089c880f4a1e5c44beb90bfad1a01a0" },
	{ 64, 64, "f246d45b8d667f4ecf1b41a56a1761a1df7d8da3c53a7d1fc470deb73c3d645a" },
	{ 64, 93, "f551cba1cafa85d7892864a9c1d6b6ac357cb9e7ecf2c85b4f982adeb5c464bb" },
	{ 65, 0, "769f84de19dbbe3fa746fa7b06791c269ffda2f5af1de0d75ea9a7a3fed8fce6" },
	{ 65, 93, "7107ecb17b629284af24803113b7ca2cb11a0ca6a28122dee8ee0321271ebd77" },
	{ 65, 300, "4013cbaf1dde726b9976a98e8670e0350bdf402a0fc3bac67c18901cb17d04c3" },
	{ 128, 93, "1f1b046d6ffe86c25443fdf499cb4b630d306cd5b98d1a9b071b2a86494b71af" },
	{ 129, 0, "b75d5c14fd8d1bc26eb39c55a540da92cded6e1c67fbe90dc2239fea49c31579" },
	{ 4096, 93, "4cdb331f568801f0c1e14cb7c34975418950fb9d8a7ba8af0d73ed13cf223feb" },
};

static const unsigned char *sample(unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)(7 * i + length);
	return bytes;
}

static bool is_hex(const unsigned char *bytes, const char *hex)
{
	unsigned char wanted[SHA256_DIGEST];
	return data_hex(hex, wanted, sizeof(wanted)) == SHA256_DIGEST &&
	       memcmp(bytes, wanted, sizeof(wanted)) == 0;
}

static void test_digests(void)
{
	static unsigned char bytes[LONGEST];
	unsigned char digest[SHA256_DIGEST];
	struct sha256 hash;
	for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
		sha256_start(&hash);
		sha256_feed(&hash, sample(bytes, digests[i].length), digests[i].length);
		sha256_finish(&hash, digest);
		check(is_hex(digest, digests[i].digest), "SHA-256 of %zu bytes", digests[i].length);
	}
}

static void test_tags(void)
{
	static unsigned char key[LONGEST], bytes[LONGEST];
	unsigned char tag[SHA256_DIGEST];
	struct hmac_sha256 hmac;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		hmac_sha256_start(&hmac, sample(key, tags[i].key), tags[i].key);
		hmac_sha256_feed(&hmac, sample(bytes, tags[i].length), tags[i].length);
		hmac_sha256_finish(&hmac, tag);
		check(is_hex(tag, tags[i].tag), "HMAC-SHA-256 of %zu bytes under a key of %zu",
		      tags[i].length, tags[i].key);
	}
}

/* Every cut in two, and every piece length; also from odd addresses. */
static void test_pieces(void)
{
	enum { LENGTH = 300 };
	unsigned char memory[LENGTH + 8], whole[SHA256_DIGEST], digest[SHA256_DIGEST];
	unsigned bad = 0;
	struct sha256 hash;
	sha256_start(&hash);
	sha256_feed(&hash, sample(memory, LENGTH), LENGTH);
	sha256_finish(&hash, whole);
	for (size_t cut = 0; cut <= LENGTH; cut++) {
		unsigned char *bytes = memory + cut % 8;
		sample(bytes, LENGTH);
		sha256_start(&hash);
		sha256_feed(&hash, bytes, cut);
		struct sha256 copy = hash;
		sha256_feed(&hash, bytes + cut, LENGTH - cut);
		sha256_finish(&hash, digest);
		bad += memcmp(digest, whole, sizeof(whole)) != 0;
		for (size_t at = cut, piece = cut % 70; at < LENGTH; at += piece) {
			piece = piece == 0 ? 1 : piece < LENGTH - at ? piece : LENGTH - at;
			sha256_feed(&copy, NULL, 0);
			sha256_feed(&copy, bytes + at, piece);
		}
		sha256_finish(&copy, digest);
		bad += memcmp(digest, whole, sizeof(whole)) != 0;
	}
	check(bad == 0, "wherever it is cut, and in copies, the digest is the same (%u are not)",
	      bad);
}

static void test_million(void)
{
	unsigned char piece[977], digest[SHA256_DIGEST];
	struct sha256 hash;
	memset(piece, 'a', sizeof(piece));
	sha256_start(&hash);
	for (size_t left = 1000000, now; left > 0; left -= now) {
		now = left < sizeof(piece) ? left : sizeof(piece);
		sha256_feed(&hash, piece, now);
	}
	sha256_finish(&hash, digest);
	check(is_hex(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
	      "a million times the letter a");
}

/* The length in bits takes 64 bits. No test can feed so much: the hash is told that it was fed. */
static void test_length(void)
{
	unsigned char digest[SHA256_DIGEST];
	struct sha256 hash;
	sha256_start(&hash);
	hash.length = UINT64_C(1) << 32;
	sha256_finish(&hash, digest);
	check(is_hex(digest, "7ccf0d399639597c6ac9bd868695ea3bdcba23e33da8cb4e089e20cdff2e3300"),
	      "a length of 2^35 bits is not cut");
}

static bool is_wiped(const void *memory, size_t length)
{
	const unsigned char *bytes = memory;
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

static void test_wiping(void)
{
	unsigned char digest[SHA256_DIGEST], memory[16];
	struct sha256 hash;
	struct hmac_sha256 hmac;
	sha256_start(&hash);
	sha256_feed(&hash, "secret", 6);
	sha256_finish(&hash, digest);
	check(is_wiped(&hash, sizeof(hash)), "a hash is wiped once finished");
	hmac_sha256_start(&hmac, "secret", 6);
	hmac_sha256_feed(&hmac, "text", 4);
	hmac_sha256_finish(&hmac, digest);
	check(is_wiped(&hmac, sizeof(hmac)), "an HMAC likewise");
	memset(memory, 'x', sizeof(memory));
	secret_wipe(memory + 1, 14);
	check(is_wiped(memory + 1, 14) && memory[0] == 'x' && memory[15] == 'x',
	      "as many bytes are wiped as were asked for");
}

static void test_equal(void)
{
	unsigned char a[SHA256_DIGEST], b[SHA256_DIGEST];
	unsigned bad = 0;
	sample(a, sizeof(a));
	sample(b, sizeof(b));
	check(secret_equal(a, b, sizeof(a)), "equal is equal");
	check(secret_equal(a, b, 0), "and so is nothing");
	for (unsigned bit = 0; bit < 8 * sizeof(a); bit++) {
		b[bit / 8] ^= (unsigned char)(1 << bit % 8);
		bad += secret_equal(a, b, sizeof(a));
		bad += !secret_equal(a, b, bit / 8);
		b[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	for (unsigned value = 0; value < 256; value++) {
		a[0] = (unsigned char)value;
		b[0] = 0;
		bad += secret_equal(a, b, 1) != (value == 0);
	}
	check(bad == 0, "one bit makes a difference, wherever it is (%u do not)", bad);
}

int main(void)
{
	test_digests();
	test_tags();
	test_pieces();
	test_million();
	test_length();
	test_wiping();
	test_equal();
	return check_done();
}
