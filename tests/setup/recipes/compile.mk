# SPDX-License-Identifier: MIT
# Compiles mediasoup-worker against Debian's own libraries.
#
# Comes in: WORKER, the worker/ folder of mediasoup's npm package; STD, the C++ standard; EXCLUDE, sources
# to leave out; FORCE, a header to include first everywhere; INCLUDE, a folder of more headers. Comes out: mediasoup-worker in the current folder.
# The worker's own build downloads, or compiles, every library it needs; this one needs Debian's packages only.
#
# Nearly all the time goes into reading headers, so the sources are compiled in bundles: a third of the time.
# Files of one folder tend to give their statics the same names, so each goes into another bundle, and the one
# file that gets along with none of them is compiled ALONE. Then -O1 is quick enough to feed 5,000 consumers.

BUNDLES = 16
ALONE = src/RTC/PortManager.cpp

CXXFLAGS = -O1 -w -pipe -std=$(STD) $(addprefix -include ,$(FORCE))
# FLATBUFFERS_LOCALE_INDEPENDENT: flatbuffers' headers want what the library was compiled with.
CPPFLAGS = -DMS_LITTLE_ENDIAN -DMS_EXECUTABLE -DFLATBUFFERS_LOCALE_INDEPENDENT=1 \
	-I. -I$(WORKER)/include -I$(WORKER)/deps/libwebrtc -I$(WORKER)/deps/libwebrtc/libwebrtc -I/usr/include/srtp2 \
	-I$(WORKER)/deps/json/single_include $(addprefix -I,$(dir $(netstring)) $(INCLUDE))
# Before 3.9 the channel carried JSON in netstrings, with both libraries among the sources; since 3.13 flatbuffers.
netstring := $(wildcard $(WORKER)/deps/netstring/netstring-c/netstring.c)
headers := $(if $(wildcard $(WORKER)/fbs),FBS)
LIBRARIES := $(shell pkg-config --libs libsrtp2 usrsctp libuv openssl flatbuffers \
	absl_btree absl_flat_hash_map absl_flat_hash_set absl_inlined_vector absl_optional absl_strings)

sources := $(shell cd $(WORKER) && find src deps/libwebrtc/libwebrtc -name '*.cpp' -o -name '*.cc' | LC_ALL=C sort)
bundled := $(addprefix $(WORKER)/,$(filter-out $(EXCLUDE) $(ALONE),$(sources)))
objects := $(patsubst %,bundle-%.o,$(shell seq 0 $$(($(BUNDLES) - 1)))) alone.o
all_objects := $(objects) $(if $(netstring),netstring.o)

mediasoup-worker: $(all_objects)
	$(CXX) -s -Wl,--as-needed -o $@ $^ $(LIBRARIES)

$(objects): %.o: %.cpp | $(headers)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<

netstring.o: $(netstring)
	$(CC) -O1 -w -c -o $@ $<

# Every source defines MS_CLASS, the name it logs under.
bundle-%.cpp:
	@printf '%s\n' $(bundled) | awk 'NR % $(BUNDLES) == $* { print "#undef MS_CLASS\n#include \"" $$0 "\"" }' >$@
alone.cpp:
	@printf '#include "%s"\n' $(addprefix $(WORKER)/,$(ALONE)) >$@

# The channel's headers. The options are those of the worker's own build.
FBS:
	flatc --cpp --cpp-field-case-style lower --reflect-names --scoped-enums --filename-suffix '' \
		-o $@.part $(WORKER)/fbs/*.fbs
	mv $@.part $@
