# The published update (Yang & Oja 2010; Sotiras et al. 2015) in base R, written from the equations: NNDSVD filled with 0.1, spectral norm from the Gram matrix.
#   Rscript --vanilla published.R X M N RANK CAP_SECONDS OUT
nndsvd <- function(X, k) {
  s <- svd(X, nu = k, nv = k)
  W <- matrix(0, nrow(X), k)
  W[, 1] <- sqrt(s$d[1]) * abs(s$u[, 1])
  size <- function(x) sqrt(sum(x * x))
  for (j in seq_len(k)[-1]) {
    u <- s$u[, j]; v <- s$v[, j]
    up <- pmax(u, 0); un <- pmax(-u, 0); vp <- pmax(v, 0); vn <- pmax(-v, 0)
    a <- size(up) * size(vp); b <- size(un) * size(vn)
    W[, j] <- if (a >= b) sqrt(s$d[j] * a) * up / size(up) else sqrt(s$d[j] * b) * un / size(un)
  }
  W[W < 1e-10] <- 0.1
  W
}

peak_mb <- function() {
  if (!file.exists("/proc/self/status")) return("null")
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  sprintf("%.1f", as.numeric(gsub("[^0-9]", "", line)) / 1024)
}

arguments <- commandArgs(trailingOnly = TRUE)
m <- as.integer(arguments[2]); n <- as.integer(arguments[3]); k <- as.integer(arguments[4]); cap <- as.numeric(arguments[5])
X <- matrix(readBin(arguments[1], "double", m * n, endian = "little"), m, n, byrow = TRUE)

now <- function() proc.time()[["elapsed"]]
began <- now()
W <- nndsvd(X, k)
stopped <- "max-iterations"
for (iterations in 1:50000) {
  old <- W
  Y <- crossprod(X, W)
  W <- W * (X %*% Y) / (W %*% crossprod(Y))
  W[W < 1e-16] <- 1e-16
  W <- W / sqrt(eigen(crossprod(W), symmetric = TRUE, only.values = TRUE)$values[1])
  if (sqrt(sum((W - old)^2) / sum(old^2)) < 1e-5) { stopped <- "relative-change"; break }
  if (now() - began > cap) { stopped <- "cap"; break }
}
seconds <- now() - began
writeBin(as.vector(t(W)), arguments[6], endian = "little")
cat(sprintf('{"seconds": %.3f, "first": %.3f, "runs": 1, "iterations": %d, "stopped": "%s", "memoryMb": %s}\n', seconds, seconds, iterations, stopped, peak_mb()))
