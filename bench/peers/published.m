% The published update (Yang & Oja 2010; Sotiras et al. 2015) as the MATLAB lineage computes it: NNDSVD from an SVD, zeros filled with 0.1,
% the spectral norm of W by norm(W). Written from the equations.
%   octave --quiet --no-gui published.m X M N RANK CAP_SECONDS OUT
1;

function W = nndsvd(X, k)
  [U, S, V] = svd(X, 'econ');
  W = zeros(rows(X), k);
  W(:, 1) = sqrt(S(1, 1)) * abs(U(:, 1));
  for j = 2:k
    u = U(:, j); v = V(:, j);
    up = max(u, 0); un = max(-u, 0); vp = max(v, 0); vn = max(-v, 0);
    a = norm(up) * norm(vp); b = norm(un) * norm(vn);
    if a >= b
      W(:, j) = sqrt(S(j, j) * a) * up / norm(up);
    else
      W(:, j) = sqrt(S(j, j) * b) * un / norm(un);
    end
  end
  W(W < 1e-10) = 0.1;
end

function mb = peak_mb()
  mb = [];
  if exist('/proc/self/status', 'file')
    found = regexp(fileread('/proc/self/status'), 'VmHWM:\s+(\d+) kB', 'tokens');
    mb = str2double(found{1}{1}) / 1024;
  end
end

arguments = argv();
n = str2double(arguments{3}); m = str2double(arguments{2}); k = str2double(arguments{4}); cap = str2double(arguments{5});
file = fopen(arguments{1}, 'r'); X = fread(file, [n, m], 'double', 0, 'ieee-le')'; fclose(file);

began = tic;
W = nndsvd(X, k);
stopped = 'max-iterations';
for iterations = 1:50000
  old = W;
  Y = X' * W;
  W = W .* (X * Y) ./ (W * (Y' * Y));
  W(W < 1e-16) = 1e-16;
  W = W ./ norm(W);
  if norm(W - old, 'fro') / norm(old, 'fro') < 1e-5
    stopped = 'relative-change';
    break;
  end
  if toc(began) > cap
    stopped = 'cap';
    break;
  end
end
seconds = toc(began);
file = fopen(arguments{6}, 'w'); fwrite(file, W', 'double', 0, 'ieee-le'); fclose(file);
memory = 'null';
if ! isempty(peak_mb()), memory = sprintf('%.1f', peak_mb()); end
printf('{"seconds": %.6f, "first": %.6f, "runs": 1, "iterations": %d, "stopped": "%s", "memoryMb": %s}\n', seconds, seconds, iterations, stopped, memory);
