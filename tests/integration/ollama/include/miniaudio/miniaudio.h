/* In place of an audio library, for a server that looks and never listens: every decoder refuses. */
#pragma once
#include <stdint.h>
#include <stddef.h>
typedef int ma_result; typedef uint64_t ma_uint64;
enum { MA_SUCCESS = 0, MA_ERROR = -1 };
enum { ma_format_f32 = 5, ma_encoding_format_wav = 1 };
typedef struct { int unused; } ma_decoder_config, ma_decoder, ma_encoder_config;
static inline ma_decoder_config ma_decoder_config_init(int, int, int) { return {0}; }
static inline ma_encoder_config ma_encoder_config_init(int, int, int, int) { return {0}; }
static inline ma_result ma_decoder_init_memory(const void *, size_t, const ma_decoder_config *, ma_decoder *) { return MA_ERROR; }
static inline ma_result ma_decoder_get_length_in_pcm_frames(ma_decoder *, ma_uint64 *) { return MA_ERROR; }
static inline ma_result ma_decoder_read_pcm_frames(ma_decoder *, void *, ma_uint64, ma_uint64 *) { return MA_ERROR; }
static inline ma_result ma_decoder_uninit(ma_decoder *) { return MA_SUCCESS; }
