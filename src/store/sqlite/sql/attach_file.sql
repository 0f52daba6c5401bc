insert or replace into worker_files (
    job_id, lease_epoch, name, digest, mime_type, bytes, width, height
)
values (:job_id, :epoch, :name, :digest, :mime_type, :bytes, :width, :height);
