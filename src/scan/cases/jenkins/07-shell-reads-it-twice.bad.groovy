// finds: foreign-variable-execution
// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Check') {
            when { changeRequest() }
            steps {
                sh 'bash -c "check-title $CHANGE_TITLE"'
            }
        }
    }
}
