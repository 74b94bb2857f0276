variable "prefix" {
  description = "Begins each alarm's name: <prefix>-<alert>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "alerts_file" {
  description = "Prometheus rule file with the alerts; severity, description and runbook of each alarm come from it."
  type        = string

  validation {
    condition     = can(yamldecode(file(var.alerts_file)).groups[0].rules[0].alert)
    error_message = "alerts_file is a rule file whose first rule is an alert."
  }
}

variable "topic_arns" {
  description = "Severity → SNS topic."
  type        = map(string)
}

variable "load_balancer" {
  description = "The producer's load balancer and target group, by the last part of their ARNs."
  type = object({
    arn_suffix              = string
    target_group_arn_suffix = string
  })
}

variable "consumer" {
  description = "The consumer: ECS cluster, ECS service and consumer group."
  type = object({
    cluster_name = string
    service_name = string
    group_id     = string
  })
}

variable "kafka" {
  description = "The MSK cluster's name, the topic and its dead-letter topic."
  type = object({
    cluster_name      = string
    topic             = string
    dead_letter_topic = string
  })
}
